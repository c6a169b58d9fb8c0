"""Mail: the second way out, where no chat reaches anybody."""
