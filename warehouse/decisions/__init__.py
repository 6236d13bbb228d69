"""What the office decides: waivers, withdrawals, closings and exceptions."""
