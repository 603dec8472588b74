//! The catalogue of explanations: one TOML a fault, English and Indonesian side by side, compiled in.
