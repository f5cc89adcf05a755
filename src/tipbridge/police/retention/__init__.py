"""Police: how long what is recorded of a case is kept, holds, and erasing when its time has come."""
