revoke update (fee_basis_points, fee_fixed_minor, tax_basis_points, duplicate_reference,
  confirm_payouts, return_fee_on_reversal) on orgs from kauri_system;
