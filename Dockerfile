# The program alone: without crates/demo, and so without `pamoja demo` and `--data-dir`.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p pamoja-api --no-default-features && strip target/release/pamoja

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home pamoja && mkdir /keys /noise && chown pamoja /keys /noise
COPY --from=build /src/target/release/pamoja /usr/local/bin/pamoja
USER pamoja
ENTRYPOINT ["pamoja"]
