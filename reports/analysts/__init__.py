"""What people say of marks: a journal that only grows, and the standing of every mark read from it."""
