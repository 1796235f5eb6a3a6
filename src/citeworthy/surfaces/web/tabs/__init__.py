"""What each tab holds, and what its buttons do: one module a tab."""
