#!/bin/sh
# Draws the pictures of README.md anew, by the program itself: no display is needed.
#
# CONVLENS is the program, by default the one of the release build. Two pictures are not drawn here: speed.png is measured by
# `convlens bench --growth`, and record.png shows a lesson while it is recorded.
set -eu
cd "$(dirname "$0")/.."
convlens=${CONVLENS:-target/release/convlens}
shot() {
    name=$1
    shift
    "$convlens" render --theme dark --size 1600x1000 --lang en "$@" --out "assets/screenshots/$name.png"
}
shot draw --view draw
shot network --view network
shot convolution --view convolution
shot pooling --view pooling --set source=image --set position=66
shot filters --view filters --set network.name=lenet5-wide --set train.run=255
shot train --view train --set network.name=lenet5-wide --set run=255
shot lesson --lesson sliding-window --step 1
