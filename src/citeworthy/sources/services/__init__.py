"""Services that are asked over the network: one module each."""
