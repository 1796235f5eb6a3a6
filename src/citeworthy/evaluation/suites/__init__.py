"""What is asked, over which papers, and what a right answer holds."""
