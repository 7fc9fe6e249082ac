@echo off
rem Pulumi runs this file. Everything but Python is in this folder.
setlocal
for %%p in ("%PULUMI_PYTHON_CMD%" python python3) do (
  %%p -I -S -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))" >nul 2>nul && (
    %%p -I -S "%~dp0plugin" %*
    exit /b
  )
)
echo voiceclone needs Python 3.11 to 3.14 on PATH, or PULUMI_PYTHON_CMD to name one. 1>&2
exit /b 1
