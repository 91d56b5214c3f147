# Two stages on one base image: pip and the build tools stay behind, and the environment keeps its path and interpreter.
FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src

# Wheels only: a source distribution would bring build tools that no lock file names.
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/wirewatch \
    && /opt/wirewatch/bin/pip install --require-hashes --only-binary :all: -r requirements.lock \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --only-binary :all: -r requirements-build.lock

COPY pyproject.toml README.md LICENSE ./
COPY watchlists watchlists
COPY handlers handlers
COPY bot bot
# Compiled here, because the running container cannot write beside its modules.
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/wirewatch/bin/pip install --no-index --no-deps /dist/*.whl \
    && /opt/wirewatch/bin/python -m compileall -q /opt/wirewatch/lib


FROM python:3.13-slim-trixie
# The number is fixed so that the owner of a volume or of a token file can be named outside the container.
RUN groupadd --system --gid 10001 wirewatch \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin wirewatch \
    && install --directory --owner 10001 --group 10001 --mode 0700 /data
COPY --from=build /opt/wirewatch /opt/wirewatch

ENV PATH=/opt/wirewatch/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    WIREWATCH_DATABASE=/data/wirewatch.db

USER 10001:10001
WORKDIR /data
# Beside /tmp the only place that is written to: the root may be read-only.
VOLUME ["/data"]

# Asks for progress, not for existence: fails when polling, updates or delivery stood still for two minutes.
# No internet is a reason to wait, not to restart: then the container is shown as unhealthy and goes on.
HEALTHCHECK --interval=60s --timeout=20s --start-period=120s --retries=2 CMD ["wirewatch", "status", "--healthy"]

# The list form: SIGTERM reaches the program itself, which then ends within ten seconds.
ENTRYPOINT ["wirewatch"]
CMD ["run"]
