#!/usr/bin/env bash
# Replays the recorded planted faults: small changes of the main code, one at a time, each of which must turn the test that it
# names red. The checkout stays as it is: all of it happens in a copy.
#
#   verification/plants.sh             replays all of them
#   verification/plants.sh NAME ...    replays those: NAME is a file of verification/plants, without ".plant"
#   verification/plants.sh --some N    replays N of them, chosen by the hash of the commit
#   verification/plants.sh --compile [NAME ... | --some N]   compiles all of them, or those, and runs no test
#   verification/plants.sh --check     replays nothing: each old text is found exactly once, each test exists, the table is current
#   verification/plants.sh --table     writes the table of docs/verification.md
#
# PLANTS_COPY=FOLDER keeps the copy in that folder, and uses it again: its classes need not be compiled anew.
# PLANTS_MAVEN='-o ...' gives Maven more options.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
# Servers that run as users of their own reach their folders below it.
chmod a+x "$work"
trap 'rm -rf "$work"' EXIT
copy=${PLANTS_COPY:-$work/copy}
tool=$work/tool
replay=verification/replay

javac -proc:none -Xlint:all -Werror -d "$tool" "$replay"/Plant{,Table,Copy,Jvm,Compile,Replay}.java

main=PlantReplay
if [[ ${1:-} == --compile ]]; then
    main=PlantCompile
    shift
fi
case ${1:-} in
    --check | --table)
        java -cp "$tool" PlantTable "$1" .
        exit
        ;;
    --some)
        # Without a repository, as in a source archive, the plants themselves are what is hashed.
        commit=$(git rev-parse HEAD 2>/dev/null || cat verification/plants/*.plant | sha256sum)
        # shellcheck disable=SC2207
        names=($(java -cp "$tool" PlantTable --some . "$2" "${commit:0:40}"))
        printf 'Chosen by %s: %s\n' "${commit:0:40}" "${names[*]}"
        ;;
    *) names=("$@") ;;
esac

# The sources of the copy are those of the checkout, with their times, so that only those that differ are compiled again.
mkdir -p "$copy"
find "$copy" \( -name '*.java' -o -name '*.kt' -o -name '*.plant' \) -not -path '*/target/*' -delete
tar -c --exclude=target --exclude=./.git --exclude=.mutation -f - . | tar -x -p -C "$copy" -f -

modules=$(java -cp "$tool" PlantTable --modules . "${names[@]}")
# shellcheck disable=SC2086
(cd "$copy" && mvn -B -ntp -q ${PLANTS_MAVEN:-} -Pall -Dfast -pl "$modules" -am test-compile \
    dependency:build-classpath -Dmdep.outputFile=target/test.classpath)

mkdir "$work/scratch"
java -cp "$tool" "$main" "$copy" "$work/scratch" "${names[@]}"
