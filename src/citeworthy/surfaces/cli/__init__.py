"""The command line. `main` is the entry point; each module holds related commands."""
