import type { JudgedCommand } from './sandbox.ts';

/** Commands of our own making, by what they exercise. Each is run by a real sh (bash where it says so). */
const POSIX: Readonly<Record<string, string>> = {
  'package scripts of others': String.raw`
echo "Clearing session cache..." && rm -rf .wwebjs_auth .wwebjs_cache && echo done
rm -rf dist coverage .nyc_output *.log
rm -rf ./.wwebjs_cache ./dist ./node_modules/.cache || true
rimraf dist node_modules/.cache && echo cleared
rimraf ./dist && mkdir dist
rimraf "./{dist,coverage}/**" --glob
rimraf .wwebjs_auth/session/SingletonLock .wwebjs_auth/session/SingletonCookie
rimraf --glob "**/.wwebjs_auth"
rm -rf .wwebjs_auth/session/SingletonLock 2>/dev/null; rm -rf .wwebjs_auth/session/SingletonSocket 2>/dev/null
rm -f .wwebjs_auth/session/Singleton* || :
find .wwebjs_auth -name "Singleton*" -exec rm -f {} \; 2>/dev/null || true
find . -type d -name ".wwebjs_*" -prune -exec rm -rf '{}' +
find . -maxdepth 1 -type d -name "session*" | xargs -r rm -rf
find sessions -mindepth 1 -maxdepth 1 -type d -not -name "session-main" -exec rm -rf {} +
test -d .wwebjs_auth && rm -rf .wwebjs_auth || echo "no session"
[ -d .wwebjs_auth/session ] && echo "session found" || rm -rf .wwebjs_auth
[ ! -d sessions ] || rm -r sessions
if [ -d "./data/sessions" ]; then echo "resetting"; rm -rf ./data/sessions/*; fi
if [ "$1" = "--hard" ]; then rm -rf .wwebjs_auth; fi
if [ "${'$'}{FORCE:-no}" = "yes" ]; then rm -rf sessions; else echo skip; fi
CACHE_DIR=.wwebjs_cache; rm -rf "$CACHE_DIR"
SESSION_DIR="./sessions"; if [ -d "$SESSION_DIR" ]; then rm -rf "$SESSION_DIR"; fi
for d in .wwebjs_auth .wwebjs_cache dist; do [ -e "$d" ] && rm -rf "$d"; done
for f in .wwebjs_auth/session/Singleton{Lock,Cookie,Socket}; do rm -f "$f"; done
clean_cache() { rm -rf .wwebjs_cache dist; }; clean_cache && echo ok
wipe() { rm -rf "$1" && mkdir -p "$1"; }; wipe ./sessions
mkdir -p backup && cp -r .wwebjs_auth backup/ && rm -rf .wwebjs_auth
mkdir -p backup && mv sessions backup/sessions-old
mv .wwebjs_auth .wwebjs_auth.bak && mv .wwebjs_auth.bak .wwebjs_auth
cp -r sessions sessions.bak && rm -rf sessions && mv sessions.bak sessions
rm -rf sessions.new && mkdir sessions.new && rm -rf sessions && mv sessions.new sessions
git reset --hard HEAD && git clean -xdf
git checkout . && git clean -fd
git stash --include-untracked
git clean -xdf -e .env -e node_modules
git clean -xdf -e .wwebjs_auth -e sessions -e data -e session
git clean -fdx -- dist
git clean -Xdf -e '!.env'
git clean -fdx && git clean -fdX *.log
cd data && rm -rf ./* && cd ..
cd .wwebjs_auth && rm -rf *
(cd sessions && rm -rf ./*) && echo emptied
cd sessions || exit 1; rm -rf session-*
pushd data >/dev/null 2>&1; rm -rf sessions
npx --yes rimraf sessions || rm -rf sessions
npx rimraf .wwebjs_cache dist
rimraf "" '*'
rimraf .
npx --no-install del-cli "sessions/**"
npx shx rm -rf dist .wwebjs_cache
shx rm -rf ".wwebjs_auth/*"
shx test -d sessions && shx rm -rf sessions
del-cli "sessions/**" "!sessions/session-main/**"
del-cli dist coverage
node -p "require('fs').existsSync('.wwebjs_auth')"
rm -rf "$(pwd)/sessions"
rm -rf "${'$'}{PWD}/.wwebjs_auth/session"
rm -rf ${'`'}pwd${'`'}/session
ls sessions | grep -v main | while read s; do rm -rf "sessions/$s"; done
ls -d sessions/*/ 2>/dev/null | head -n 1 | xargs rm -rf
echo ".wwebjs_auth sessions" | tr ' ' '\n' | xargs -I{} rm -rf {}
printf '%s\n' .wwebjs_cache dist | xargs rm -rf
set -e; rm -rf dist; false; rm -rf sessions
trap 'rm -rf .wwebjs_cache' EXIT; echo working
trap 'rm -rf sessions' EXIT INT TERM; echo working
true && { rm -rf .wwebjs_cache; rm -rf session; }
! rm -rf nothing || rm -rf sessions
rm -rf {sessions,data}
rm -rf -- .wwebjs_auth/session/Default/Cache ".wwebjs_auth/session/Default/Code Cache"
rm -rf .wwebjs_auth/session/Default/{Cache,GPUCache}
rm -rf .wwebjs_auth/session/Default/*Cache*
rm -rf .wwebjs_auth/*/Default/Service*
tar czf session.tgz .wwebjs_auth && rm -rf .wwebjs_auth && tar xzf session.tgz
env NODE_ENV=production sh -c 'rm -rf "$0"' sessions
sh -c "cd data; rm -rf sessions" && echo gone
bash -lc "rm -rf sessions"
nohup sh -c 'sleep 0; rm -rf sessions' >/dev/null 2>&1 & wait
yes | rm -ri sessions
timeout 5 rm -rf sessions
time rm -rf session
command rm -rf session
\rm -rf session
/bin/rm -rf session
busybox rm -rf session
truncate -s 0 *.log
: > sessions/note.txt
install -d sessions && rm -rf install
rsync -a --delete dist/ sessions/ || true
tar cf backup.tar sessions data && rm -rf sessions data && tar xf backup.tar
tar -czf /mnt/wa-judge/tmp/s.tgz -C . session && rm -rf session && mkdir -p restored && tar -xzf /mnt/wa-judge/tmp/s.tgz -C restored
tar --create --file=a.tar .wwebjs_auth && rm -rf .wwebjs_auth
tar xzf missing.tgz || rm -rf session
git clean -fdX && ls *.log || rm -rf session
`,
  'plain removal': String.raw`
rm -rf .wwebjs_auth
rm -rf ./.wwebjs_auth
rm -rf .wwebjs_auth/
rm -rf ./.wwebjs_auth/
rm -r sessions
rm -f sessions
rm sessions
rm -R session
rm -d sessions
rm -fr sessions data
rm -rfv session
rm --recursive --force sessions
rm -r -f -- sessions
rm sessions -rf
rm -rf -- -x sessions
rm -rf dist
rm -rf dist coverage .wwebjs_cache
rm -rf data
rm -rf data/
rm -rf data/sessions/session-main
rm -rf data/session
rm -rf sessions-old
rm -rf session/session/Default
rm -rf session/session/Default/IndexedDB
rm -rf "session/session/Default/Local Storage"
rm -rf session/session/Default/Local Storage
rm -rf session/session/Default/Cache
rm -f session/session/SingletonLock session/session/SingletonCookie
rm -rf .wwebjs_auth/session/Singleton*
rm -rf .wwebjs_auth/session/Default/Cache .wwebjs_auth/session/Default/GPUCache
rm -f session/session/Default/Preferences
rm -rf .
rm -rf ./
rm -rf ..
rm -rf ../project/sessions
rm -rf ../project
rm -rf dist/../sessions
rm -rf nothere/../sessions
rm -rf src/../data/../sessions/.
rm -rf /
rm -rf /mnt/wa-judge/project/sessions
rm -rf //mnt//wa-judge//project/./sessions
rm -rf $PWD/sessions
rm -rf "$PWD"
rm -rf "$(pwd)/sessions"
rm -rf ""
rm -rf "" sessions
rm -rf ' sessions'
rm -rf ~/sessions
rm -rf ~
rm -ri sessions
rm -rI sessions
rm -rf sessions extra nothing
rm sessions/session-5511/Default/Cookies
rm -rf --help sessions
rm -rf --unknown-option sessions
rm -rf --no-preserve-root sessions
rm -rf --one-file-system sessions
\rm -rf sessions
/bin/rm -rf sessions
/usr/bin/rm -rf sessions
command rm -rf sessions
"rm" -rf "sessions"
r"m" -rf sess''ions
rm -rf sessio\ns
rm -rf session\s
rm -rf 'ses'"sions"
rm -rf sessions # dist
rm -rf dist # sessions
echo rm -rf sessions
echo "rm -rf sessions" # rm -rf sessions
: rm -rf sessions
true rm -rf sessions
rm -rf SESSIONS`,
  globs: String.raw`
rm -rf *
rm -rf ./*
rm -rf .*
rm -rf .[!.]*
rm -rf .w*
rm -rf .wwebjs_*
rm -rf .wwebjs_cache*
rm -rf *.log
rm -rf s*
rm -rf sess*
rm -rf session?
rm -rf session??
rm -rf sessio[mn]s
rm -rf sessio[!n]s
rm -rf sessio[^n]s
rm -rf [a-d]*
rm -rf [[:lower:]]*
rm -rf [A-Z]*
rm -rf */
rm -rf */*
rm -rf */session*
rm -rf data/*
rm -rf data/s*
rm -rf data/*.json
rm -rf data/*/
rm -rf ./data/./*
rm -rf **
rm -rf **/Default
rm -rf **/session
rm -rf */*/Default
rm -rf sessions/*
rm -rf sessions/session-*
rm -rf sessions/*/Default/Cache
rm -f sessions/*
rm -f sessions/*/Default/*
rm -f sessions/*/Default/IndexedDB/*/*
rm -f sessions/*/Default/IndexedDB/*/*.log
rm -f sessions/*/*
rm -rf sessions/.*
rm -rf sessions/*.bak
rm -rf "*"
rm -rf 's*'
rm -rf s\*
rm -rf "sess"*
rm -rf sess'*'
rm -rf sess"ion"?
rm -rf nomatch*
rm -rf nomatch* sessions
rm -rf .wwebjs_auth*
rm -rf *auth*
rm -rf .*auth
rm -rf ?wwebjs_auth
rm -rf */*-main
rm -rf d*/s*/
rm -rf {sessions,dist}
rm -rf data/{sessions,x}
rm -rf {data,sessions}/*
rm -rf s{ession,essions}
rm -rf {s}essions
cd data && rm -rf *
set -f; rm -rf s*
set -o noglob; rm -rf sess*
set -f; set +f; rm -rf s*
for d in */; do rm -rf "$d"; done
for d in s*; do echo "$d"; done
for f in *.txt; do rm -f "$f"; done
rm -rf [s]essions
rm -rf [.]wwebjs_auth
rm -rf data/[!s]*
rm -rf data/[!k]*`,
  'lists and conditions': String.raw`
rm -rf dist && rm -rf sessions
rm -rf dist || rm -rf sessions
rm nothing && rm -rf sessions
rm nothing || rm -rf sessions
rm -f nothing && rm -rf sessions
rm nothing; rm -rf sessions
false && rm -rf sessions
true && rm -rf sessions
false || true && rm -rf sessions
true || false && rm -rf sessions
true || rm -rf sessions; echo done
false; rm -rf sessions
! true && rm -rf sessions
! false && rm -rf sessions
! rm nothing && rm -rf sessions
(rm -rf sessions)
{ rm -rf sessions; }
( cd data && rm -rf sessions )
( cd data; ) ; rm -rf sessions
(cd data && pwd) && rm -rf sessions
rm -rf sessions & wait
rm -rf dist & rm -rf sessions; wait
true & false && rm -rf sessions
if true; then rm -rf sessions; fi
if false; then rm -rf sessions; fi
if false; then rm -rf dist; else rm -rf sessions; fi
if false; then :; elif true; then rm -rf sessions; else rm -rf session; fi
if [ -d sessions ]; then rm -rf sessions; fi
if [ -d nothing ]; then rm -rf sessions; fi
if [ ! -d sessions ]; then rm -rf data; fi
if [ ! -d nothing ]; then rm -rf sessions; fi
[ -d sessions ] && rm -rf sessions
[ -d dist ] && rm -rf dist
[ -e nothing ] || rm -rf sessions
[ -f sessions ] && rm -rf sessions
[ -f package.json ] && rm -rf sessions
[ -f package.json -a -d data ] && rm -rf sessions
[ -f nothing -o -d data ] && rm -rf sessions
[ ! -f package.json ] && rm -rf sessions
[ -d sessions -a ! -d nothing ] && rm -rf sessions
[ \( -d nothing -o -d data \) -a -d src ] && rm -rf sessions
[ "$CI" = true ] && rm -rf sessions
[ "$CI" = "" ] && rm -rf sessions
[ -z "$CI" ] && rm -rf sessions
[ -n "$CI" ] && rm -rf sessions
[ "$NODE_ENV" != production ] && rm -rf sessions
[ x"$NODE_ENV" = xproduction ] && rm -rf sessions
test -d sessions && rm -rf sessions
test -d nothing || rm -rf sessions
test 1 -eq 1 && rm -rf sessions
test 1 -gt 2 && rm -rf sessions
[ 3 -le 3 ] && rm -rf sessions
[ a = a ] && [ b = b ] && rm -rf sessions
[ a = b ] || [ b = b ] && rm -rf sessions
[ -L sessions ] && rm -rf sessions
[ -L sessions/session-5511/SingletonLock ] && rm -rf sessions
[ -s package.json ] && rm -rf sessions
[ sessions ] && rm -rf sessions
[ "" ] && rm -rf sessions
[ ] && rm -rf sessions
[[ -d sessions ]] && rm -rf sessions
[ a == a ] && rm -rf sessions
exit 0; rm -rf sessions
exit 1 || rm -rf sessions
(exit 1) || rm -rf sessions
(exit 0) && rm -rf sessions
(exit 3); rm -rf sessions
return 0; rm -rf sessions
set -e; false; rm -rf sessions
set -e; false || true; rm -rf sessions
set -e; rm nothing; rm -rf sessions
set -e; if false; then :; fi; rm -rf sessions
set -e; ! true; rm -rf sessions
set -e; (false); rm -rf sessions
set -e; false && true; rm -rf sessions
set -eu; rm -rf sessions
set -e; ls nothing | cat; rm -rf sessions
set +e; false; rm -rf sessions
case a in a) rm -rf sessions;; esac
case a in b) rm -rf sessions;; esac
case abc in a*) rm -rf sessions;; *) rm -rf data;; esac
case abc in b*|*c) rm -rf sessions;; esac
case "$1" in clean) rm -rf sessions;; *) echo usage;; esac
case "$1" in clean) echo;; *) rm -rf sessions;; esac
case "" in "") rm -rf sessions;; esac
case x.js in *.ts) rm -rf data;; *.js) rm -rf sessions;; esac
case "[a]" in [a]) rm -rf sessions;; esac
case "$(uname)" in Linux) rm -rf sessions;; Darwin) rm -rf data;; esac
read answer && [ "$answer" = y ] && rm -rf sessions
read answer; if [ "$answer" = "n" ]; then exit 0; fi; rm -rf sessions
read a; case "$a" in [Yy]*) rm -rf sessions;; *) rm -rf data;; esac
printf 'Sure? '; read -r a; [ "$a" != "y" ] && exit 1; rm -rf sessions`,
  loops: String.raw`
for d in sessions data; do rm -rf $d; done
for d in sessions data; do rm -rf "$d"; done
for d in sessions data; do echo $d; done
for d in a b; do rm -rf "data/$d"; done
for d in dist sessions; do [ "$d" = dist ] && continue; rm -rf "$d"; done
for d in sessions data; do rm -rf "$d"; break; done
for d in sessions data; do break; rm -rf "$d"; done
for i in 1 2 3; do rm -rf sessions$i; done
for a in .wwebjs; do for b in auth cache; do rm -rf "${'$'}{a}_$b"; done; done
for a in 1 2; do for b in x y; do continue 2; done; rm -rf sessions; done
for d in $(ls data); do rm -rf "data/$d"; done
for d in $(cat paths.txt); do rm -rf $d; done
for f in $(find . -name SingletonLock); do rm -f "$f"; done
for f in $(find . -type d -name Default); do rm -rf "$f"; done
for f in; do rm -rf sessions; done
for d do rm -rf sessions; done
set -- sessions data; for d; do rm -rf "$d"; done
set -- sessions data; for d in "$@"; do rm -rf "$d"; done
set -- sessions data; rm -rf $1
set -- sessions data; shift; rm -rf "$1"
set -- dist "sessions data"; rm -rf "$2"
set -- dist "sessions data"; rm -rf $2
set -- sessions data; rm -rf "$@"
set -- sessions data; rm -rf "$*"
set -- sessions data; rm -rf $*
while read d; do rm -rf "$d"; done < paths.txt
while read d; do rm -rf "$d"; done < list-dist.txt
while read -r d; do echo "$d"; done < paths.txt
cat paths.txt | while read d; do rm -rf "$d"; done
ls | while read d; do case $d in s*) rm -rf "$d";; esac; done
find data -maxdepth 1 -type d | while read d; do rm -rf "$d"; done
printf 'sessions\ndata\n' | while read d; do rm -rf "$d"; done
i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; rm -rf "sessions"
i=0; while [ $i -lt 2 ]; do rm -rf "session$i"; i=$((i+1)); done
n=5511; rm -rf "sessions/session-$n"
until [ ! -d sessions ]; do rm -rf sessions; done
until true; do rm -rf sessions; done
while false; do rm -rf sessions; done
while true; do rm -rf sessions; break; done
while :; do break; done; rm -rf sessions
while read a b; do rm -rf "$b"; done <<EOF
x sessions
EOF`,
  variables: String.raw`
D=sessions; rm -rf $D
D=sessions; rm -rf "$D"
D=sessions; rm -rf '$D'
D=sessions; rm -rf \$D
D="sessions data"; rm -rf $D
D="sessions data"; rm -rf "$D"
D='s*'; rm -rf $D
D='s*'; rm -rf "$D"
D=data; rm -rf $D/sessions
D=data; rm -rf ${'$'}{D}/sessions
D=data; rm -rf $Dsessions
D=session; rm -rf ${'$'}{D}s
rm -rf ${'$'}{NOT_SET_X:-sessions}
rm -rf ${'$'}{NOT_SET_X:=sessions}
rm -rf ${'$'}{NOT_SET_X-sessions}
rm -rf "${'$'}{NOT_SET_X:-sessions}"
rm -rf ${'$'}{NOT_SET_X:-sessions data}
rm -rf "${'$'}{NOT_SET_X:-sessions data}"
rm -rf ${'$'}{NOT_SET_X:+sessions}
X=1; rm -rf ${'$'}{X:+sessions}
X=; rm -rf ${'$'}{X-sessions}
X=; rm -rf ${'$'}{X:-sessions}
X=dist; rm -rf ${'$'}{X:-sessions}
rm -rf ${'$'}{NOT_SET_X:?missing} sessions
rm -rf "$NOT_SET_X/sessions"
rm -rf $NOT_SET_X sessions
rm -rf "./$NOT_SET_X/sessions"
rm -rf ./$NOT_SET_X
rm -rf "${'$'}{NOT_SET_X}"/*
rm -rf $NOT_SET_X*
rm -rf data/$NOT_SET_X
rm -rf data/sessions/$NOT_SET_X*
P=./data/sessions/; rm -rf ${'$'}{P%/}
P=sessions.bak; rm -rf ${'$'}{P%.bak}
P=old-sessions; rm -rf ${'$'}{P#old-}
P=a/b/sessions; rm -rf ${'$'}{P##*/}
P=sessions/x/y; rm -rf ${'$'}{P%%/*}
P=data/x; rm -rf ${'$'}{P%/*}
P=abc; rm -rf sessions${'$'}{#P}
X=a; X=sessions rm -rf $X
X=sessions sh -c 'rm -rf $X'
X=sessions; sh -c 'rm -rf $X'
X=sessions; sh -c 'rm -rf "./$X"'
export X=sessions; sh -c 'rm -rf $X'
X=sessions; export X; sh -c 'rm -rf "$X"'
X=sessions; sh -c "rm -rf $X"
export X=sessions; unset X; sh -c 'rm -rf ./x$X'
X=sessions; (X=dist); rm -rf $X
X=dist; (X=sessions; rm -rf $X)
X=dist; { X=sessions; }; rm -rf $X
X=sessions; Y=$X; rm -rf "$Y"
X=Y; Y=sessions; eval "rm -rf \$$X"
X=sess; Y=ions; rm -rf $X$Y
X=$(echo sessions); rm -rf $X
X=$(echo sessions) && rm -rf "$X"
X=${'`'}echo sessions${'`'}; rm -rf $X
rm -rf $(echo sessions)
rm -rf ${'`'}echo sessions${'`'}
rm -rf "$(echo sessions data)"
rm -rf $(echo sessions data)
rm -rf $(cat paths.txt)
rm -rf $(head -1 paths.txt)
rm -rf $(tail -n 1 paths.txt)
rm -rf $(grep sess paths.txt)
rm -rf $(grep -v sess paths.txt)
rm -rf $(ls -d s*)
rm -rf $(ls)
rm -rf $(ls -A | grep auth)
rm -rf $(dirname data/sessions/x)
rm -rf $(basename a/b/sessions)
rm -rf "$(dirname "$0")/sessions"
rm -rf $(printf '%s' sessions)
rm -rf $(printf 'sess%s' ions)
rm -rf $(echo SESSIONS | tr A-Z a-z)
rm -rf $(echo sessions.bak | sed 's/\.bak//')
rm -rf $(echo a:sessions | cut -d: -f2)
rm -rf $(echo "x sessions" | awk '{print $2}')
rm -rf $(true) sessions
rm -rf $(false)
rm -rf sessions$(echo)
rm -rf data/$(echo sess)ions
rm -rf "sessions$((1-1))"
rm -rf sess$(( 1 + 1 ))
IFS=:; D=sessions:data; rm -rf $D
IFS=,; for d in $(echo sessions,session); do rm -rf $d; done
X="rm -rf sessions"; $X
X="rm -rf sessions"; "$X"
X="rm -rf"; $X sessions
CMD=rm; $CMD -rf sessions
CMD=echo; $CMD rm -rf sessions
readonly X=sessions; rm -rf $X
X=sessions; X=dist; rm -rf $X
HERE=$(cd data && pwd); rm -rf "$HERE/sessions"
D=~; rm -rf $D/sessions
rm -rf $HOME/../project/sessions
rm -rf "$HOME"
unset D; rm -rf "${'$'}{D}sessions"
. ./.env; rm -rf "$SESSION_DIR"
. ./.env && rm -rf "./$SESSION_DIR"
export $(cat .env | xargs) && rm -rf ./$SESSION_DIR
set -a; . ./.env; set +a; sh -c 'rm -rf "./$SESSION_DIR"'
: ${'$'}{DIR:=sessions}; rm -rf $DIR
X=a=b; rm -rf "${'$'}{X}sessions"`,
  directories: String.raw`
cd data && rm -rf sessions
cd data; rm -rf sessions
cd data && rm -rf ../sessions
cd data && cd .. && rm -rf sessions
cd data && cd - && rm -rf sessions
cd nothing && rm -rf sessions
cd nothing; rm -rf sessions
cd nothing || exit 1; rm -rf sessions
cd nothing || rm -rf sessions
cd nothing 2>/dev/null || true; rm -rf sessions
cd ./data/ && rm -rf ./sessions
cd data/sessions && rm -rf *
cd data/sessions/session-main && rm -rf ../*
cd data/sessions && cd ../.. && rm -rf sessions
cd data/sessions/.. && rm -rf sessions
cd .. && rm -rf project/sessions
cd / && rm -rf sessions
cd / && rm -rf mnt/wa-judge/project/sessions
cd "$NOT_SET_X" && rm -rf sessions
cd $NOT_SET_X && rm -rf sessions
cd && rm -rf sessions
cd ~ && rm -rf *
cd "$(pwd)" && rm -rf sessions
cd "$(dirname "$0")" && rm -rf sessions
cd src && (cd ../data && rm -rf sessions) && rm -rf ../session
cd src && rm -rf sessions; cd ..; rm -rf session
cd data && rm -rf sessions && cd .. && rm -rf sessions
mkdir -p build && cd build && rm -rf ../sessions
mkdir data && rm -rf sessions
mkdir data || rm -rf sessions
mkdir newdir && cd newdir && rm -rf sessions
cd package.json && rm -rf sessions
rm -rf dist && cd dist && rm -rf ../sessions
CDPATH= cd data && rm -rf sessions
cd -P data && rm -rf sessions
cd -- data && rm -rf sessions
cd data & rm -rf sessions; wait
pushd data && rm -rf sessions
rm -rf dist; cd dist 2>/dev/null; rm -rf sessions`,
  redirections: String.raw`
> sessions/session-5511/Default/Preferences
: > sessions/session-5511/Default/Cookies
echo x > sessions/session-5511/Default/Preferences
echo x >> sessions/session-5511/Default/Preferences
cat /dev/null > sessions/session-5511/Default/Cookies
true > sessions
echo x > nothing/file && rm -rf sessions
echo x > nothing/file; rm -rf sessions
echo x > data/new.txt && rm -rf sessions
rm -rf sessions > /dev/null 2>&1
rm -rf sessions >out.log 2>err.log
rm -rf dist 2>/dev/null || rm -rf sessions
cat < nothing && rm -rf sessions
cat < nothing || rm -rf sessions
cat < paths.txt > /dev/null && rm -rf sessions
rm -rf $(cat < paths.txt)
rm -rf sessions < /dev/null
echo sessions > target.txt; rm -rf $(cat target.txt)
echo sess > t; echo ions >> t; rm -rf $(cat t | tr -d '\n')
printf sessions > t && xargs rm -rf < t
{ echo sessions; echo data; } > t; xargs rm -rf < t
rm -rf sessions &> out.txt
rm -rf dist &> out.txt
>out.txt rm -rf sessions
2>&1 rm -rf sessions
for f in sessions/*/Default/Preferences; do : > "$f"; done
for f in sessions/*/Default/IndexedDB/*/*; do : > "$f"; done
truncate -s 0 sessions/session-5511/Default/Cookies
truncate -s0 sessions/session-5511/Default/IndexedDB/*/*
truncate -s 0 nothing.txt && rm -rf sessions
truncate -s +10 sessions/session-5511/Default/Cookies
find sessions -type f -exec truncate -s 0 {} +
cp /dev/null sessions/session-5511/Default/Preferences
tee sessions/session-5511/Default/Preferences < /dev/null
dd if=/dev/null of=sessions/session-5511/Default/Cookies 2>/dev/null
sh <<'EOF'
rm -rf sessions
EOF
sh <<EOF
rm -rf $NOT_SET_X data
EOF
cat <<EOF
rm -rf sessions
EOF
cat <<EOF | sh
rm -rf sessions
EOF
xargs rm -rf <<EOF
sessions data
EOF`,
  pipes: String.raw`
echo sessions | xargs rm -rf
echo sessions data | xargs rm -rf
echo "sessions data" | xargs -n1 rm -rf
echo sessions | xargs -I{} rm -rf {}
echo sessions | xargs -I % rm -rf ./%
echo sessions | xargs -I{} echo {}
echo 5511 | xargs -I{} rm -rf sessions/session-{}
echo sessions | xargs -r rm -rf
printf '' | xargs -r rm -rf sessions
printf '' | xargs rm -rf sessions
printf 'sessions\0data' | xargs -0 rm -rf
printf 'sessions\ndata\n' | xargs -d '\n' rm -rf
printf 'sessions,data' | xargs -d, rm -rf
printf '"sessions" data\n' | xargs rm -rf
printf '%s\n' sessions data | xargs -L1 rm -rf
printf '%s\n' sessions data | xargs -P 2 -n 1 rm -rf
xargs rm -rf < paths.txt
xargs -a paths.txt rm -rf
cat paths.txt | xargs rm -rf
cat list-dist.txt | xargs rm -rf
ls | xargs rm -rf
ls | grep sess | xargs rm -rf
ls -a | grep wwebjs | xargs rm -rf
ls -A | grep -v sess | xargs rm -rf
ls | grep -E '^(data|dist)$' | xargs rm -rf
ls | egrep -v 'data|sess' | xargs rm -rf
ls | head -n 100 | xargs rm -rf
ls | sort -r | xargs rm -rf
ls -1 | grep -x sessions | xargs rm -rf
ls data | xargs rm -rf
ls data | xargs -I{} rm -rf data/{}
ls -d */ | xargs rm -rf
ls nothing | xargs rm -rf
find . -name Default | xargs rm -rf
find . -name Default -print0 | xargs -0 rm -rf
find . -type d -name 'session*' | xargs rm -rf
find . -maxdepth 1 -name 'session*' | xargs -r rm -rf
find . -name node_modules -type d -prune | xargs rm -rf
find . -name '*.js' | xargs rm -f
find sessions -name '*.log' | xargs rm
find . -maxdepth 1 -type d | grep sess | xargs rm -rf
find . -name 'data' -o -name 'x' | head -1 | xargs rm -rf
git ls-files | xargs rm -f
git ls-files -o | xargs rm -f
git ls-files -o --exclude-standard | xargs rm -f
git ls-files -o -i --exclude-standard | xargs rm -rf
git ls-files -z -o | xargs -0 rm -f
echo 'rm -rf sessions' | sh
echo 'rm -rf sessions' | cat
echo 'rm -rf sessions' | sh -s
echo rm -rf sessions | bash
yes | rm -ri sessions
yes n | rm -ri sessions
yes | head -1
true | rm -rf sessions
rm -rf sessions | cat
false | rm -rf sessions
rm -rf sessions | true
echo sessions | rm -rf
echo x | tee out.txt | xargs rm -rf sessions
echo sessions | while read x; do rm -rf $x; done
echo data sessions | { read a b; rm -rf $b; }
echo sessions | sed 's/s$//' | xargs rm -rf
echo a/sessions | xargs basename | xargs rm -rf
seq 3 | xargs -I{} rm -rf sessions{}
echo sessions | xargs sh -c 'rm -rf "$0"'
echo sessions | xargs sh -c 'rm -rf "$1"' _
echo sessions data | xargs sh -c 'for d; do rm -rf "$d"; done' _
echo sessions | xargs -I{} sh -c 'cd data && rm -rf {}'`,
  find: String.raw`
find . -delete
find sessions -delete
find sessions -type f -delete
find sessions -mindepth 1 -delete
find sessions -mindepth 2 -maxdepth 2 -delete
find sessions -type d -delete
find sessions -type d -empty -delete
find . -type d -empty -delete
find . -name '*.log' -delete
find . -name '*.js' -delete
find . -name '*.js' -not -path './sessions/*' -delete
find . -name '*.js' -not -path '*/Default/*' -delete
find . -name '*.html' -delete
find . -name 'Singleton*' -delete
find . -name Preferences -delete
find . -name IndexedDB -delete
find . -name IndexedDB -exec rm -rf {} +
find . -name IndexedDB -exec rm -rf {} \;
find . -name IndexedDB -prune -exec rm -rf {} \;
find . -name node_modules -prune -exec rm -rf {} +
find . -name node_modules -prune -o -name '*.log' -delete
find . -name node_modules -prune -o -name '*.log' -exec rm -f {} \;
find . -path ./sessions -prune -o -name '*.log' -exec rm -f {} +
find . -path ./sessions -prune -o -path ./data -prune -o -type f -name '*.ldb' -exec rm {} +
find . -path './data/*' -delete
find . -path '*sessions*' -delete
find . -path '*Cache*' -delete
find . -ipath '*CACHE*' -exec rm -rf {} +
find . -iname DEFAULT -exec rm -rf {} +
find . -type d -name Cache -exec rm -rf {} +
find . -type d \( -name Cache -o -name GPUCache \) -exec rm -rf {} +
find . \( -name dist -o -name sessions \) -exec rm -rf {} +
find . -name dist -o -name sessions -exec rm -rf {} +
find . -name dist -a -name sessions -exec rm -rf {} +
find . ! -name '*.json' -delete
find . -not -name package.json -type f -delete
find . -maxdepth 1 -type d -exec rm -rf {} +
find . -maxdepth 1 -type d ! -name . -exec rm -rf {} +
find . -maxdepth 1 -name 's*' -exec rm -rf {} \;
find . -mindepth 1 -maxdepth 1 ! -name sessions -exec rm -rf {} +
find . -mindepth 1 -maxdepth 1 -not -name '.*' -exec rm -rf {} +
find . -mindepth 1 -maxdepth 1 ! -name .git ! -name .wwebjs_auth -exec rm -rf {} +
find data -mindepth 1 -exec rm -rf {} +
find data -type f -exec rm {} \;
find data sessions -name '*.ldb' -delete
find nothing -delete
find nothing sessions -delete
find nothing -delete; rm -rf sessions
find nothing -delete && rm -rf sessions
find . -depth -name 'session*' -exec rm -rf {} +
find . -depth -name sessions -type d -exec rm -rf {} \;
find . -name sessions -type f -exec rm -rf {} \;
find . -name sessions -print -exec rm -rf {} +
find . -name sessions -quit -exec rm -rf {} +
find . -name 'sess*' -exec echo {} +
find . -name 'sess*' -execdir rm -rf {} +
find . -name Cookies -execdir rm -f {} \;
find . -name 'sess*' -exec sh -c 'rm -rf "$1"' _ {} \;
find . -name 'sess*' -exec sh -c 'echo "$1"' _ {} \;
find . -maxdepth 1 -name 'sess*' -exec sh -c 'for d; do rm -rf "$d"; done' _ {} +
find . -maxdepth 1 -name 'sess*' -exec mv {} /mnt/wa-judge/tmp/ \;
find . -regex '.*/sessions' -exec rm -rf {} +
find . -regex './data/.*' -delete
find . -type l -delete
find . -type l -o -name Preferences -delete
find sessions/session-5511/Default -maxdepth 1 -type f -delete
find sessions/session-5511 -name 'Local*' -exec rm -rf {} +
find sessions/session-5511/Default/IndexedDB -type f -name '*.l*' -delete
find . -name "*.bak" -delete
find . -type f -name "*.tmp" -delete
find . -name sessions -prune -o -delete
find ./sessions/ -delete
find "$PWD" -name sessions -exec rm -rf {} +
find "$PWD/data" -delete
find . -name 'data' -prune -exec rm -rf {} \; -o -name sessions -exec rm -rf {} \;
find . -empty -delete
find . -false -delete
find . -true -name sessions -exec rm -rf {} +
find . -name '[s]essions' -exec rm -rf {} +
find . -name 'session-????' -exec rm -rf {} +
find . -name \*.ldb -delete
find . -name *.txt -delete
find . , -name sessions -delete
find . -name sessions -delete
find . -ok rm -rf {} \;
find src -name '*' -delete
find . -type d -name 'Default' -prune -exec rm -rf '{}' +
cd sessions && find . -delete
cd data && find . -mindepth 1 -delete
cd data && find . -name '*.json' -delete
find . -type f -path "*/IndexedDB/*" -delete
find . -wholename './sessions/*' -delete
find -name sessions -exec rm -rf {} +
find -delete
find -L . -name sessions -exec rm -rf {} +
find . -maxdepth 2 -name 'session*' -delete
find . -type f -size +100M -delete -o -name nothing
find . \( -type f -a -name 'C*' \) -delete`,
  'moving and copying': String.raw`
mv sessions sessions.bak
mv sessions /mnt/wa-judge/tmp/
mv sessions data/
mv sessions old && mv old sessions
mv sessions session
mv dist sessions
mv dist sessions/
mv data data2
mv data/sessions data/sessions2
mv sessions nothing/here
mv sessions package.json
mv -n sessions data
mv sessions data session /mnt/wa-judge/tmp
mv sessions data nothing
mv sessions/session-5511 sessions/session-x
mv sessions/session-5511/Default sessions/session-5511/Default.bak
mv sessions/session-5511/Default/Preferences /mnt/wa-judge/tmp/
mv sessions/* /mnt/wa-judge/tmp/
mv -t /mnt/wa-judge/tmp sessions
mv -T dist sessions
mv sessions sessions
mv sessions sessions/inner
mv nothing sessions && rm -rf data
mv sessions "sessions-$(date +%s)"
mv sessions sessions.$$
mv ./sessions ./backup-old/
mv .wwebjs_auth backup-old && mv backup-old/.wwebjs_auth .
cp -r sessions sessions.bak && rm -rf sessions
cp -r sessions sessions.bak && rm -rf sessions && mv sessions.bak sessions
cp -r sessions sessions.bak && rm -rf sessions && cp -r sessions.bak sessions
cp -a sessions /mnt/wa-judge/tmp/ && rm -rf sessions && cp -a /mnt/wa-judge/tmp/sessions .
cp -r sessions dist && rm -rf dist
cp sessions x && rm -rf sessions
cp sessions x || rm -rf data
cp package.json sessions/session-5511/Default/Preferences
cp -n package.json sessions/session-5511/Default/Preferences
cp -r dist/. sessions/
cp -r sessions/. backup-old/ && rm -rf sessions/* && cp -r backup-old/session-5511 sessions/
cp -r session/. sessions/
cp -r data/sessions/session-main/. sessions/session-5511/
tar czf /mnt/wa-judge/tmp/b.tgz sessions
tar czf /mnt/wa-judge/tmp/b.tgz sessions && rm -rf sessions
tar --remove-files -czf /mnt/wa-judge/tmp/b.tgz sessions
ln -sfn dist sessions
ln -s sessions link && rm -rf link
ln -s sessions link && rm -rf link/
ln -s sessions link && rm -rf link/*
ln -s sessions link; find link -delete
ln -s sessions link; find link/ -delete
ln -s sessions link; cd link && rm -rf *
ln -s ../sessions dist/s && rm -rf dist
ln -s "$PWD/data" d && rm -rf d/sessions
mkdir -p sessions && rm -rf dist
rm -rf sessions && mkdir sessions
rm -rf sessions && mkdir -p sessions/session-5511/Default
touch sessions && rm -rf dist
rmdir sessions
rmdir sessions 2>/dev/null || rm -rf sessions
rmdir dist/nothing || true
rmdir -p a/b
rmdir --ignore-fail-on-non-empty sessions && rm -rf data
unlink sessions
unlink sessions/session-5511/Default/Cookies
unlink sessions/session-5511/SingletonLock
shred -u sessions/session-5511/Default/Cookies
chmod -R 700 sessions
chmod 000 dist
ls -la sessions
du -sh sessions
cat sessions/session-5511/Default/Cookies
touch sessions/session-5511/Default/Cookies
stat sessions && rm -rf data`,
  functions: String.raw`
f() { rm -rf sessions; }; f
f() { rm -rf sessions; }
f() { rm -rf "$1"; }; f sessions
f() { rm -rf "$@"; }; f sessions data
f() { rm -rf "$1"; }; f dist sessions
f() { shift; rm -rf "$1"; }; f dist sessions
f() { local d=sessions; rm -rf $d; }; f
f() { return 1; rm -rf sessions; }; f
f() { return 1; }; f || rm -rf sessions
f() { return 1; }; f && rm -rf sessions
f() { false; }; f || rm -rf sessions
f() { cd data; }; f; rm -rf sessions
f() ( cd data; ); f; rm -rf sessions
f() { D=sessions; }; f; rm -rf $D
f() { g; }; g() { rm -rf sessions; }; f
f() { rm -rf dist; }; g() { rm -rf sessions; }; f
f() { [ -d "$1" ] && rm -rf "$1"; }; f sessions; f nothing
f() { for d; do rm -rf "$d"; done; }; f sessions data
clean() { rm -rf dist; }; clean sessions
rm() { echo no; }; rm -rf sessions
rm() { command rm "$@"; }; rm -rf sessions
f() { echo sessions; }; rm -rf $(f)
f() { f2 "$1"; }; f2() { rm -rf "$1"; }; f sessions
f() if true; then rm -rf sessions; fi; f
function f { rm -rf sessions; }; f
f() { exit 0; }; f; rm -rf sessions
f() { exit 0; }; (f); rm -rf sessions
f(){ rm -rf sessions;};f
cleanup() { rm -rf sessions; }; trap cleanup EXIT
trap 'rm -rf sessions' EXIT; echo hi
trap 'rm -rf sessions' EXIT; exit 0
trap 'rm -rf sessions' EXIT; trap - EXIT
trap 'rm -rf sessions' INT; echo hi
trap "rm -rf sessions" 0
(trap 'rm -rf sessions' EXIT; true)`,
  wrappers: String.raw`
sh -c 'rm -rf sessions'
sh -c "rm -rf sessions"
sh -c "rm -rf 'sessions'"
sh -c 'rm -rf "$1"' sh sessions
sh -c 'rm -rf "$0"' sessions
sh -c 'rm -rf $1' sessions dist
sh -c 'rm -rf $@' x sessions data
sh -c 'cd data && rm -rf sessions'
sh -c 'cd data'; rm -rf sessions
sh -ec 'false; rm -rf sessions'
sh -e -c 'rm nothing; rm -rf sessions'
sh -c 'exit 1' || rm -rf sessions
sh -c 'exit 1' && rm -rf sessions
sh -c 'sh -c "rm -rf sessions"'
sh -c "sh -c 'sh -c \"rm -rf sessions\"'"
sh -c 'echo rm -rf sessions'
sh -c 'rm -rf sessions' && rm -rf data
sh -c
sh scripts/reset.sh
sh scripts/reset.sh sessions
sh ./scripts/reset.sh sessions data
./scripts/reset.sh
./scripts/reset.sh sessions
cd scripts && ./reset.sh sessions
cd src && ../scripts/reset.sh sessions
bash scripts/reset-auth.sh
./scripts/reset-auth.sh
sh scripts/reset-auth.sh
sh scripts/guard.sh
sh scripts/guard.sh --yes
./scripts/guard.sh || rm -rf data
sh scripts/locks.sh
. ./scripts/lib.sh; wipe_dir sessions
. ./scripts/lib.sh
. scripts/lib.sh && wipe_dir sessions
. ./scripts/nothing.sh; rm -rf sessions
. ./scripts/nothing.sh || rm -rf sessions
source ./scripts/lib.sh && wipe_dir sessions
sh scripts/nothing.sh || rm -rf sessions
sh scripts/nothing.sh && rm -rf sessions
scripts/nothing.sh; rm -rf sessions
bash -c 'rm -rf sessions'
bash -c 'rm -rf {sessions,data}'
bash -c 'rm -rf {.wwebjs_auth,dist}'
bash -c 'shopt -s globstar; rm -rf **/Default'
bash -c 'shopt -s dotglob; rm -rf *'
bash -c 'shopt -s nullglob; rm -rf nomatch* sessions'
bash -c 'shopt -s extglob
rm -rf !(sessions)'
bash -c 'rm -rf !(sessions)'
bash -c '[[ -d sessions ]] && rm -rf sessions'
bash -lc 'rm -rf sessions'
bash -o pipefail -ec 'false | true; rm -rf sessions'
set -euo pipefail; rm -rf sessions
set -o pipefail || true; rm -rf sessions
bash -euo pipefail -c 'false | cat; rm -rf sessions'
bash -o errexit -c 'false; rm -rf sessions'
sh -nc 'rm -rf sessions'
sh -f -c 'rm -rf s*'
eval rm -rf sessions
eval "rm -rf sessions"
eval 'rm -rf' 'sessions'
eval "D=sessions"; rm -rf $D
eval "$(echo rm -rf sessions)"
eval "cd data"; rm -rf sessions
eval false || rm -rf sessions
eval "echo 'rm -rf sessions'"
eval 'exit 0'; rm -rf sessions
exec rm -rf sessions
exec rm -rf dist; rm -rf sessions
exec >/dev/null; rm -rf sessions
env rm -rf sessions
env X=1 rm -rf sessions
env -i rm -rf sessions
env -u X rm -rf sessions
env X=sessions sh -c 'rm -rf $X'
env D=data rm -rf $D/sessions
env -C data rm -rf sessions
nice rm -rf sessions
nice -n 10 rm -rf sessions
nohup rm -rf sessions
time rm -rf sessions
timeout 5 rm -rf sessions
timeout -s KILL 5 rm -rf sessions
setsid -w rm -rf sessions
stdbuf -oL rm -rf sessions
command -v rm && rm -rf sessions
command -v rm >/dev/null 2>&1 && rm -rf sessions
which rm > /dev/null && rm -rf sessions
type rm >/dev/null && rm -rf sessions
builtin rm -rf sessions
cross-env X=1 rm -rf sessions
cross-env D=sessions rm -rf $D
cross-env NODE_ENV=production rimraf sessions
cross-env rimraf sessions data
cross-env-shell "rm -rf sessions"
cross-env-shell D=sessions 'rm -rf $D'
cross-env X=y echo rm -rf sessions`,
  'node tools': String.raw`
rimraf sessions
rimraf ./sessions data
rimraf .wwebjs_auth
rimraf dist
rimraf "sess*"
rimraf sess*
rimraf -g "sess*"
rimraf --glob "sess*"
rimraf -g ".w*"
rimraf -g "*"
rimraf -g "**/Default"
rimraf -g "data/**"
rimraf -g "data/*"
rimraf -g "{sessions,data}"
rimraf -g "s@(essions|x)"
rimraf -g "!(sessions)"
rimraf -g "**/*.js"
rimraf -g "**/*.log"
rimraf -g ".wwebjs_auth/**/Cache"
rimraf -g "./**/session*"
rimraf -g "sessions/**"
rimraf -g "sessions/**/*"
rimraf -G "sess*"
rimraf -v sessions
rimraf -rf sessions
rimraf nothing && rm -rf sessions
rimraf nothing || rm -rf sessions
rimraf --bad-option sessions
rimraf --bad-option sessions || rm -rf data
rimraf
rimraf || rm -rf sessions
rimraf --help sessions
rimraf -- sessions
rimraf ./*
rimraf "{sessions,data}"
rimraf {sessions,data}
rimraf sessions/session-5511/Default/Cache
rimraf --preserve-root /
npx rimraf sessions
npx --no-install rimraf sessions
node_modules/.bin/rimraf sessions
./node_modules/.bin/rimraf dist sessions
del-cli sessions
del-cli .wwebjs_auth
del-cli "*"
del-cli "s*"
del-cli "**"
del-cli "**/*.js"
del-cli ".*"
del-cli ".w*"
del-cli "data/**" "!data/sessions"
del-cli "data/*" "!data/sessions"
del-cli "data/**" "!data/sessions/**"
del-cli "s*" "!sessions"
del-cli "!sessions" "s*"
del-cli data/sessions
del-cli ./sessions
del-cli sessions/
del-cli .
del-cli ..
del-cli ../project/sessions
del-cli --force ../project/sessions
del-cli -f "$PWD/sessions"
del-cli "$PWD/sessions"
del-cli --dry-run sessions
del-cli nothing && rm -rf sessions
del-cli "**/Cache"
del-cli "**/Default"
del-cli ".wwebjs_auth/**"
del-cli "sessions/**/*.log"
del-cli "{sessions,data}"
del-cli sess?ons
del-cli "sessio[n]s"
del sessions
del "data/**"
shx rm -rf sessions
shx rm -r sessions
shx rm -f sessions
shx rm sessions
shx rm -rf "sess*"
shx rm -rf .wwebjs_auth
shx rm -rf '.w*'
shx rm -rf '*'
shx rm -rf 'data/*'
shx rm -rf 'data/{sessions,x}'
shx rm -rf dist && rm -rf sessions
shx rm nothing && rm -rf sessions
shx rm nothing || rm -rf sessions
shx rm -f nothing && rm -rf sessions
shx mv sessions old
shx mv sessions data/
shx cp -r sessions old && rm -rf sessions
shx mkdir -p sessions && rm -rf dist
shx test -d sessions && rm -rf sessions
shx test -d nothing && rm -rf sessions
shx test -f package.json && shx rm -rf sessions
shx echo rm -rf sessions
shx true && rm -rf sessions
shx false || rm -rf sessions
shx touch sessions
shx ls sessions`,
  'npm scripts': String.raw`
npm run clean
npm run clean:auth
npm run clean:data
npm run -s clean:auth
npm run --silent clean:auth
npm run reset:two
npm run reset:all
npm run wipe
npm run harmless
npm run nothing || rm -rf sessions
npm run nothing && rm -rf sessions
npm run --if-present nothing && rm -rf sessions
npm run del -- sessions
npm run del sessions
npm run del -- "sessions" data
npm run failing && rm -rf sessions
npm run failing; rm -rf sessions
npm run failing || rm -rf sessions
npm run failing2
npm run loop
npm run shellfile
npm run shellfile -- sessions
npm run sourced
npm run nested
npm run clean --workspaces
npm run clean -ws
npm run clean -w one
npm run clean -w two
npm run nuke -w packages/one
npm run nuke -w one --if-present
npm run nuke --workspaces --if-present
npm --prefix packages/two run clean
cd packages/two && npm run clean
cd packages/one && npm run nuke
cd src && npm run clean:auth
cd packages && npm run clean:auth
npm test && rm -rf sessions
npm start && rm -rf sessions
npm-run-all clean:auth
npm-run-all clean:*
npm-run-all "clean:**"
npm-run-all clean clean:auth
npm-run-all --parallel clean:*
npm-run-all -p clean:auth clean:data
npm-run-all -s failing clean:auth
npm-run-all -c failing clean:auth
npm-run-all nothing clean:auth
npm-run-all "del sessions"
run-s clean clean:auth
run-s clean:dist
run-s "clean:*"
run-s failing clean:auth
run-s "reset:*"
run-p clean:*
run-p clean clean:dist
npm exec -- rimraf sessions
npm exec rimraf sessions
npx -c 'rimraf sessions'
make
make clean
make clean-auth
make reset
make sub
make broken
make clean reset
make -n reset
make AUTH=sessions clean-auth
make -C . clean-auth
AUTH=data make clean-auth
make nothing || rm -rf sessions
make clean && rm -rf sessions`,
  git: String.raw`
git clean
git clean -f
git clean -fd
git clean -df
git clean -d -f
git clean -fx
git clean -fX
git clean -fdx
git clean -xdf
git clean -fdX
git clean -ffdx
git clean -nfdx
git clean -fdx -n
git clean --dry-run -fdx
git clean -fdxn
git clean -dx
git clean -xd --force
git clean -fdx .
git clean -fdX .
git clean -fdx data
git clean -fdX data
git clean -fdx data/sessions
git clean -fx data/sessions
git clean -fX sessions
git clean -fx sessions
git clean -f sessions
git clean -fd sessions
git clean -fdx dist coverage
git clean -fdx -- dist
git clean -fdx -- sessions
git clean -fdx node_modules
git clean -fdx -e sessions
git clean -fdx -e node_modules
git clean -fdx -e .wwebjs_auth -e data/sessions -e session -e sessions
git clean -fdxe sessions
git clean -fdxesessions
git clean -fdx --exclude=sessions
git clean -fdx --exclude sessions
git clean -fdx -e /sessions
git clean -fdx -e 'sess*'
git clean -fdx -e '*.log'
git clean -fdx -e sessions/
git clean -fdx -e '!sessions'
git clean -fdx -e '.w*'
git clean -fdx -e Default
git clean -fdx -e Preferences
git clean -fdx -e data
git clean -fdx -e 'data/sessions/session-main'
git clean -fdX -e sessions
git clean -fdX -e '!sessions'
git clean -fdX -e '!/sessions/'
git clean -fdX -e '!.env'
git clean -fdX -e notes.txt
git clean -fdX sessions data
git clean -fdxX
git clean -fdq
git clean -qfdx
git clean -fdx '*.log'
git clean -fdx '*'
git clean -fdx 's*'
git clean -fdx ':!sessions'
git clean -fdx . ':!sessions' ':!data'
git clean -fdx ':(exclude)sessions'
git clean -fdx -- ':^data'
git clean -fdx ':/data'
git clean -fdx nothing
git clean -fdx ../project
cd src && git clean -fdx
cd data && git clean -fdx
cd data && git clean -fdX
cd data && git clean -fdx ..
cd data && git clean -fdx ../sessions
cd data && git clean -fdx :/
cd data/sessions && git clean -fdx
cd packages/one && git clean -fdx
git -C data clean -fdx
git -C src clean -fdx
git -C . clean -fdx
git -C nothing clean -fdx || rm -rf sessions
git -c clean.requireForce=false status
git clean -fdx && rm -rf src
git clean -fd && git clean -fX
git clean -fdx && git checkout .
git init data/sessions && git clean -fdx
git init -q data/sessions && git clean -ffdx
git init -q data/sessions && git clean -fdX
git stash
git stash -u
git stash --include-untracked
git stash -a
git stash --all
git stash push -a
git stash push -u
git stash save -a
git stash -a && git stash pop
git stash -u && git stash pop
git stash list
git stash push -a -- data
git stash push -a -- src
git stash drop; true
git reset --hard
git reset --hard HEAD
git checkout .
git checkout -- .
git checkout -f
git checkout -f main
git restore .
git rm -rf .
git rm -rf src
git rm -rf sessions || rm -rf data
git rm -r --cached . && git reset -q
git rm -rf . && git clean -fdx
git rm -rf . && git clean -fd
git add -A && git stash
git add -f sessions && git stash
git add -f sessions && git reset --hard
git add -f sessions && git rm -rf --cached sessions
git add -f sessions && git clean -fdx
git status --porcelain
git gc -q
git pull || rm -rf sessions
echo '!sessions' >> .gitignore; git clean -fdX
echo 'x' > .gitignore; git clean -fd
: > .gitignore; git clean -fdX
rm .gitignore; git clean -fd
printf 'sessions\n' > .gitignore && git clean -fd
rm -rf .git; git clean -fdx
git ls-files -oi --exclude-standard --directory | xargs rm -rf`,
  rsync: String.raw`
rsync -a --delete dist/ sessions/
rsync -a dist/ sessions/
rsync -a --delete src/ ./
rsync -a --delete src/ .
rsync -a --delete ./src/ data/
rsync -a --delete dist data/
rsync -av --delete --exclude sessions src/ data/
rsync -av --delete --exclude=sessions src/ data/
rsync -av --delete --exclude='/sessions' src/ data/
rsync -av --delete --exclude 'sess*' src/ ./
rsync -av --delete --exclude node_modules src/ ./
rsync -av --delete --exclude-from=paths.txt src/ ./
rsync -av --delete-excluded --exclude sessions src/ ./
rsync -a --delete-after src/ data
rsync -a --delete-before src/ data/
rsync -a --del src/ data/
rsync -an --delete src/ data/
rsync -a --delete --dry-run src/ data/
rsync -r --delete src/ data/
rsync --delete src/ data/
rsync -a --delete nothing/ data/
rsync -a --delete nothing/ data/ || rm -rf sessions
rsync -a --delete src/ /mnt/wa-judge/tmp/out/
rsync -a --delete data/ backup-old/
rsync -a --remove-source-files sessions/ /mnt/wa-judge/tmp/s/
rsync -a --remove-source-files sessions /mnt/wa-judge/tmp/
rsync -a sessions/ backup-old/ && rm -rf sessions
rsync -a --delete --include 'sessions/***' --exclude '*' src/ data/
rsync -a --delete --filter='P sessions' src/ data/
rsync -a --delete -f '- sessions' src/ data/
rsync -a --delete --exclude 'session-*' src/ data/sessions/`,
  'traps of text': String.raw`
echo "cleaning sessions"; rm -rf dist
echo 'rm -rf sessions'
echo 'sessions' > notes.txt
# rm -rf sessions
rm -rf dist # rm -rf sessions
printf 'rm -rf sessions\n'
grep -r "rm -rf sessions" src || true
test "rm -rf sessions" && echo ok
ls sessions && rm -rf dist
X='rm -rf sessions'
X='rm -rf sessions'; echo "$X"
node_modules_dir=node_modules; rm -rf "$node_modules_dir"
rm -rf sessionsx xsessions
rm -rf sessions.json
rm -rf ./session.json ./sessions.log
rm -rf dist/sessions
rm -rf src/data
alias wipe='rm -rf sessions'
alias ll='rm -rf sessions'; true
true; # && rm -rf sessions
true "&& rm -rf sessions"
true \&\& rm -rf sessions
true \
&& rm -rf sessions
rm -rf \
  sessions \
  data
rm -rf dist;rm -rf sessions
rm -rf dist&&rm -rf sessions
rm -rf dist||rm -rf sessions
if true;then rm -rf sessions;fi
(rm -rf sessions);(rm -rf data)
{ rm -rf sessions;}
rm -rf sessions;
;rm -rf sessions
rm -rf sessions &&
&& rm -rf sessions
rm -rf sessions |
( rm -rf sessions
rm -rf sessions )
if true; then rm -rf sessions
for d in sessions; do rm -rf $d
echo "$(rm -rf sessions)"
echo ${'`'}rm -rf sessions${'`'}
X=$(rm -rf sessions)
X=$(rm -rf sessions; echo data); rm -rf $X
: "$(rm -rf sessions)"
: ${'$'}{X:=$(rm -rf sessions)}
X=1; : ${'$'}{X:=$(rm -rf sessions)}
cat <(rm -rf sessions)
false "$(rm -rf sessions)"
true || echo "$(rm -rf sessions)"`,
};

const BASH: Readonly<Record<string, string>> = {
  bash: String.raw`
rm -rf {sessions,data}
rm -rf {sessions,data}/x
rm -rf s{ession,essions}
rm -rf data/{a,sessions}
rm -rf session{s,}
rm -rf sess{i,}ons
rm -rf {a..c}
rm -rf {sessions}
rm -rf "{sessions,data}"
rm -rf {s,d}*
rm -rf ./{.wwebjs_auth,.wwebjs_cache}
rm -rf {data/{sessions,x},session}
rm -rf !(data)
[[ -d sessions ]] && rm -rf sessions
[[ ! -d sessions ]] && rm -rf sessions
[[ -d sessions && -f package.json ]] && rm -rf sessions
[[ -d nothing || -d data ]] && rm -rf sessions
[[ "abc" == a* ]] && rm -rf sessions
[[ "abc" == "a*" ]] && rm -rf sessions
[[ $X == "" ]] && rm -rf sessions
[[ -z $X ]] && rm -rf sessions
[[ "abc" =~ ^a ]] && rm -rf sessions
[[ 3 -gt 2 ]] && rm -rf sessions
(( 1 + 1 == 2 )) && rm -rf sessions
(( 0 )) || rm -rf sessions
D=(sessions data); rm -rf "${'$'}{D[@]}"
D=(sessions data); rm -rf ${'$'}{D[1]}
D=(sessions data); for d in "${'$'}{D[@]}"; do rm -rf "$d"; done
D=(); D+=(sessions); rm -rf "${'$'}{D[@]}"
D=(dist sessions); rm -rf "$D"
D=(dist sessions); rm -rf "${'$'}{D[*]}"
P=sessions.bak; rm -rf ${'$'}{P/.bak/}
P=SESSIONS; rm -rf ${'$'}{P,,}
P=xsessions; rm -rf ${'$'}{P:1}
P=sessionsx; rm -rf ${'$'}{P:0:8}
P=data_sessions; rm -rf ${'$'}{P//_//}
V=P; P=sessions; rm -rf "${'$'}{!V}"
rm -rf $'sessions'
rm -rf $'sess\x69ons'
rm -rf $"sessions"
function f { rm -rf sessions; }; f
function f() { rm -rf "$1"; }; f sessions
rm -rf sessions &> /dev/null
rm -rf sessions |& cat
while read -r d; do rm -rf "$d"; done <<< "sessions"
xargs rm -rf <<< "sessions data"
cat <(rm -rf sessions) > /dev/null
for ((i=0; i<1; i++)); do rm -rf sessions; done
for i in {1..3}; do rm -rf sessions$i; done
shopt -s dotglob; rm -rf *
shopt -s nullglob; rm -rf nomatch*
pushd data > /dev/null && rm -rf sessions && popd > /dev/null
pushd data > /dev/null; popd > /dev/null; rm -rf sessions
source ./scripts/lib.sh && wipe_dir sessions
source ./scripts/nothing.sh; rm -rf sessions
declare D=sessions; rm -rf "$D"
local D=sessions; rm -rf "x$D"
set -o pipefail; false | true && rm -rf sessions
rm -rf sessions[]
case sessions in s@(x|essions)) rm -rf sessions;; esac
read -p "sure? " -n 1 -r; [[ $REPLY =~ ^[Yy]$ ]] && rm -rf sessions
read -rp "sure? " a; [[ "$a" == "y" ]] || exit 1; rm -rf sessions
select x in a b; do rm -rf sessions; break; done
time rm -rf sessions
! [[ -d nothing ]] && rm -rf sessions
coproc rm -rf sessions; wait
printf -v D '%s' sessions; rm -rf "$D"
mapfile -t D < paths.txt; rm -rf "${'$'}{D[@]}"
rm -rf ~+/sessions
let x=1+1 && rm -rf sessions
for ((i=0; i<3; i++)); do rm -rf "sessions$i"; done
for ((i=5510; i<=5511; i+=1)); do rm -rf sessions/session-$i; done
for ((;;)); do rm -rf sessions; break; done
for ((i=0; i<0; i++)); do rm -rf sessions; done
i=0; ((i++)); ((i == 1)) && rm -rf sessions
((i++)) && rm -rf sessions
((++i)) && rm -rf sessions
n=$((5500 + 11)); rm -rf "sessions/session-$n"
i=3; while ((i-- > 0)); do [ $i = 0 ] && rm -rf sessions; done
shopt -s globstar; rm -rf **/IndexedDB
shopt -s globstar; rm -rf **/*.js
shopt -s globstar; rm -rf sessions/**
compgen -c > /dev/null; rm -rf sessions`,
};

/** Lines; a line that opens a here-document or a quote, or ends with a backslash, continues. */
function split(block: string): string[] {
  const commands: string[] = [];
  let pending = '';
  let until: string | null = null;
  for (const line of block.replace(/^\n/, '').split('\n')) {
    pending = pending === '' ? line : `${pending}\n${line}`;
    if (until !== null) {
      if (line === until) {
        until = null;
        commands.push(pending);
        pending = '';
      }
      continue;
    }
    const here = /<<-?\s*'?(\w+)'?(?:\s*\|.*)?$/.exec(line);
    if (here !== null) until = here[1] ?? null;
    else if (!line.endsWith('\\') && !line.endsWith('extglob')) {
      commands.push(pending);
      pending = '';
    }
  }
  if (pending !== '') commands.push(pending);
  return commands.filter((command) => command.trim() !== '');
}

export interface Case extends JudgedCommand {
  readonly group: string;
}

export const CASES: readonly Case[] = [
  ...Object.entries(POSIX).flatMap(([group, block]) =>
    split(block).map((command): Case => ({ group, command, shell: 'sh' })),
  ),
  ...Object.entries(BASH).flatMap(([group, block]) =>
    split(block).map((command): Case => ({ group, command, shell: 'bash' })),
  ),
];
