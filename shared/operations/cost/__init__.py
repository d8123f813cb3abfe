"""What a day of orders costs on Google Cloud: counted operations of a measured run × dated prices."""
