"""Camtel as proposed: nobody has seen the true one."""
