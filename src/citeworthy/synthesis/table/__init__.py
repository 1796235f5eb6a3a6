"""The comparison table: papers by columns, each cell resting on an exact quotation or "not reported"."""
