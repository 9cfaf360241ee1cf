"""The goals, one file each: whatever `Goal` a file here states is one."""
