"""Whether to reach out, and with what: triggers propose, guard rails judge, a policy chooses."""
