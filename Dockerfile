# Pratique's own image: docker build -t pratique . && docker run --rm pratique image alpine:3.20
FROM docker.io/library/python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src src
RUN python -m venv /opt/pratique \
    && /opt/pratique/bin/python -m pip install --no-cache-dir . \
    && /opt/pratique/bin/python -m pip uninstall --yes pip

FROM docker.io/library/python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b
ARG REVISION=unknown
LABEL org.opencontainers.image.revision=$REVISION \
      org.opencontainers.image.title="Pratique" \
      org.opencontainers.image.description="Says what is in a container image, what is wrong with it, what to change" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/pratique /opt/pratique
ENV PATH=/opt/pratique/bin:$PATH \
    PRATIQUE_CACHE_DIR=/cache
RUN install -d -o 65532 -g 65532 /cache \
    && find / -xdev -type f -perm /6000 -exec chmod a-s {} +
USER 65532:65532
WORKDIR /work
VOLUME /cache
HEALTHCHECK NONE
ENTRYPOINT ["pratique"]
CMD ["--help"]
