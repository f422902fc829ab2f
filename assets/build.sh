#!/bin/sh
# Build what is served from static/ out of assets/. The results are committed: only who
# changes the look needs Node. The same sources always give the same bytes.
set -eu
cd "$(dirname "$0")"
[ -d node_modules ] || npm install --no-package-lock --no-audit --no-fund

uswds=node_modules/@uswds/uswds
out=../static
rm -rf "$out/css" "$out/js" "$out/fonts" "$out/img"
mkdir -p "$out/css" "$out/js" "$out/fonts" "$out/img"

node_modules/.bin/sass --load-path="$uswds/packages" --style=compressed --no-source-map \
  --quiet-deps --silence-deprecation=if-function scss/site.scss "$out/css/site.css"
node_modules/.bin/esbuild js/site.js --bundle --minify --target=es2020 \
  --charset=utf8 --log-level=warning --outfile="$out/js/site.js"

for weight in Regular SemiBold Bold; do
  cp "$uswds/dist/fonts/public-sans/PublicSans-$weight.woff2" "$out/fonts/"
done
cp img/*.svg img/favicon.ico "$out/img/"

# Of the design system's pictures only those the styles name.
for picture in $(grep -o '\.\./img/[a-z0-9_/-]*\.svg' "$out/css/site.css" | sort -u); do
  file="$out/${picture#../}"
  mkdir -p "$(dirname "$file")"
  [ -f "$file" ] || cp "$uswds/dist/${picture#../}" "$file"
done

for file in "$out"/css/*.css "$out"/js/*.js; do
  gzip -9nk "$file"
done
chmod -R u=rwX,go=rX "$out"
