#!/bin/sh
# Print the Python to build .venv with: 3.11, 3.12 or 3.13, with its venv module.
# PYTHON=… names one. Says in one line what is missing.
found= bare=
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
  version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
  case $version in
    3.11 | 3.12 | 3.13)
      if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
        exec "$candidate" -c 'import sys; print(sys.executable)'
      fi
      bare=${bare:-$version}
      ;;
    *) found="${found:+$found, }$version" ;;
  esac
done
if [ -n "$bare" ]; then
  echo "Python $bare is here without its venv module: install the package python3-venv (apt install python3-venv)." >&2
elif [ -n "$found" ]; then
  echo "CSD Events needs Python 3.11, 3.12 or 3.13; here is only $found." >&2
else
  echo "CSD Events needs Python 3.11, 3.12 or 3.13 with its venv module; none was found (apt install python3 python3-venv)." >&2
fi
exit 1
