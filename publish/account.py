"""stub"""
def print_account(home, started_at, period): print("account")
