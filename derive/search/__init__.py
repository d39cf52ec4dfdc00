"""Search: finds certificates and puts rules together. Nothing here is trusted; the kernel checks it all."""
