"""What is asked: citeworthy, its peers, anyone's program or server."""
