"""Mail, over real mail servers on the loopback address."""
