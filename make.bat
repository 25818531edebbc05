@echo off
rem The same commands as the Makefile: make setup, make reports, make test, make benchmarks
setlocal
cd /d "%~dp0"
if "%PYTHON%"=="" set PYTHON=py -3
where py >nul 2>nul || if "%PYTHON%"=="py -3" set PYTHON=python
if not "%PIP_INDEX_URL%"=="" if "%UV_DEFAULT_INDEX%"=="" set UV_DEFAULT_INDEX=%PIP_INDEX_URL%
set UV_SYSTEM_CERTS=1
set BIN=.venv\Scripts

if "%1"=="" goto help
if "%1"=="setup" goto setup
if "%1"=="reports" goto setup
if "%1"=="test" goto setup
if "%1"=="benchmarks" goto setup
goto help

:setup
if not exist .venv\ready goto install
fc /b requirements.lock .venv\ready >nul 2>nul
if not errorlevel 1 goto ready
:install
%PYTHON% -c "import sys; sys.exit('Python 3.11 or later is needed; this is ' + sys.version.split()[0]) if sys.version_info < (3, 11) else None" || exit /b 1
%PYTHON% -m venv --clear .venv || exit /b 1
%BIN%\python -m pip install --quiet --disable-pip-version-check uv || exit /b 1
%BIN%\uv pip install --quiet --python %BIN%\python.exe --require-hashes --compile-bytecode -r requirements.lock || exit /b 1
%BIN%\uv pip install --quiet --python %BIN%\python.exe --no-deps --editable . || exit /b 1
%BIN%\python -m compileall -q src || exit /b 1
copy /y requirements.lock .venv\ready >nul
:ready
if "%1"=="reports" goto reports
if "%1"=="test" goto test
if "%1"=="benchmarks" goto benchmarks
exit /b 0

:reports
%BIN%\analysis run data\example
exit /b %errorlevel%

:test
%BIN%\ruff check src tests benchmarks example || exit /b 1
%BIN%\python -m pytest -n auto --maxprocesses 4 --dist loadfile
exit /b %errorlevel%

:benchmarks
%BIN%\python -m benchmarks
exit /b %errorlevel%

:help
echo make setup       make the environment in .venv
echo make reports     make the environment and the reports of the example study
echo make test        check the code and run the tests
echo make benchmarks  simulations and timings (long)
