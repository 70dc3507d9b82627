"""The program on the server: mounts the data volume, fetches secrets, starts containers, deploys, backs up, reports.

It is part of every bundle and runs there with the system's Python, so it imports nothing but the standard library and
boto3. Nothing outside this package is imported here, and nothing here is imported by the rest of the library.
"""
