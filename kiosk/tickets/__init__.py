"""Queues (队列) and tickets (号): issue, call, recall, start, finish, cancel, forecast."""
