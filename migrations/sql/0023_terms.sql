-- Whoever runs the platform sets an organisation's terms (`kauri orgs terms`).
grant update (fee_basis_points, fee_fixed_minor, tax_basis_points, duplicate_reference,
  confirm_payouts, return_fee_on_reversal) on orgs to kauri_system;
