"""What students use beside pytest."""
