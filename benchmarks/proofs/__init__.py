"""The long proofs of the trail, which `make prove` runs: each module has `prove(quick, say) -> figures`."""
