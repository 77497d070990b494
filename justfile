# Shorthands, for whoever has just: everything here runs without it too.

# What there is.
default:
    @just --list --unsorted

# Run the program on a private PostgreSQL with a made-up coalition.
demo *arguments:
    cargo run -- demo {{arguments}}

# Everything that must hold of a commit.
ci:
    .ci/run

# What takes seconds or is compiled anyway: to be run before each commit.
check: form typos walls deny lints docs

# One check each, by the script that .ci/run calls.
form:
    .ci/form
typos:
    .ci/typos
walls:
    .ci/walls
deny:
    .ci/deny
lints:
    .ci/lints
docs:
    .ci/docs

# All tests in Rust, or some: just test -p pamoja-api --test it -- referral::
test *arguments:
    .ci/tests {{arguments}}

# How many instructions requests take, beside the committed figures; to commit new ones: just counts --write
counts *arguments:
    .ci/counts {{arguments}}

# Clients from npm against the program: just clients apollo.test.js
clients *arguments:
    .ci/clients {{arguments}}

# How fast it is beside pgbench: just bench --help
bench *arguments:
    cargo bench -p pamoja-api --bench throughput -- {{arguments}}

# What the publication of figures costs.
bench-publication *arguments:
    cargo bench -p pamoja-api --bench publication -- {{arguments}}

# Write schema.graphql anew.
schema:
    cargo run --quiet -- schema > schema.graphql

# Put all files into form.
fmt:
    cargo fmt --all
