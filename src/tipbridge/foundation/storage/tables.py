"""The one collection of table definitions; every room adds its own."""

from sqlalchemy import MetaData

metadata = MetaData()
