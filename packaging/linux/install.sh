#!/bin/sh
# Installs ConvLens for one person, or for all with a prefix: sh install.sh [PREFIX], such as /usr/local.
# To remove it: sh install.sh --remove [PREFIX].
set -eu
cd "$(dirname "$0")"

remove=
if [ "${1:-}" = --remove ]; then
    remove=1
    shift
fi
prefix="${1:-$HOME/.local}"

find bin share -type f | while read -r file; do
    if [ -n "$remove" ]; then
        rm -f "$prefix/$file"
    else
        mkdir -p "$prefix/$(dirname "$file")"
        cp "$file" "$prefix/$file"
    fi
done

# The desktop's lists, as far as it has any.
update-desktop-database "$prefix/share/applications" 2>/dev/null || true
update-mime-database "$prefix/share/mime" 2>/dev/null || true
gtk-update-icon-cache -q -t "$prefix/share/icons/hicolor" 2>/dev/null || true

[ -n "$remove" ] && exit 0
case ":$PATH:" in
    *":$prefix/bin:"*) echo "ConvLens is installed: convlens" ;;
    *) echo "ConvLens is installed: $prefix/bin/convlens ($prefix/bin is not in PATH)" ;;
esac
