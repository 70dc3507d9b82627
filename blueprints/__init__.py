"""Production-grade deployment topologies as Pulumi components."""
