"""What a product says of its people, its content and itself."""
