"""Commands that run a service, send mail, or show the product."""
