"""The rota (排班): who serves which counter from when to when, and when they have a break."""
