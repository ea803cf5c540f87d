# The one image of the deployed form: every service of docker-compose.yml is a container of it.
# Code and environment belong to root and are read only; whatever is written goes to /warehouse.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS environment
ARG UV_VERSION=0.13.9
RUN python -m pip install --no-cache-dir --quiet "uv==${UV_VERSION}"
WORKDIR /app
COPY pyproject.toml uv.lock ./
# Not empty: with Spark, for the profile of that name in docker-compose.yml.
ARG SPARK=""
ENV UV_PYTHON=python UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
RUN uv sync --locked --no-default-groups --group deploy ${SPARK:+--group spark} --no-cache --compile-bytecode --quiet
COPY build/spark/requirements.txt build/spark/requirements.txt
RUN mkdir .venv-spark && if [ -n "${SPARK}" ]; then uv venv --quiet --allow-existing .venv-spark \
 && uv pip sync --quiet --no-cache --require-hashes --python .venv-spark build/spark/requirements.txt; fi

FROM ${PYTHON_IMAGE}
# What `git describe` says of the code: there is no git in here. Editions carry it; make compose-up passes it.
ARG CODE_VERSION=""
LABEL org.opencontainers.image.title="womens-union-warehouse" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${CODE_VERSION}"
ARG SPARK=""
RUN if [ -n "${SPARK}" ]; then apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless procps >/dev/null && rm -rf /var/lib/apt/lists/*; fi
RUN groupadd --gid 50000 warehouse \
 && useradd --uid 50000 --gid 50000 --no-create-home --home-dir /warehouse --shell /usr/sbin/nologin warehouse \
 && install -d -o 50000 -g 50000 /warehouse
WORKDIR /app
COPY --from=environment /app/.venv /app/.venv
COPY --from=environment /app/.venv-spark /app/.venv-spark
COPY LICENSE pyproject.toml ./
COPY build ./build
COPY ingest ./ingest
COPY dbt_project ./dbt_project
COPY publish ./publish
COPY operations ./operations
COPY dags ./dags
RUN printf '%s\n' "${CODE_VERSION}" > CODE_VERSION && .venv/bin/python -m compileall -q build ingest publish operations dags
# A user of another number (WAREHOUSE_UID in .env) has no name in /etc/passwd; Airflow asks for one.
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LANG=C.UTF-8 \
    USER=warehouse \
    LOGNAME=warehouse \
    HOME=/tmp \
    WAREHOUSE_HOME=/warehouse \
    AIRFLOW_HOME=/warehouse/airflow \
    AIRFLOW_CONFIG=/app/operations/installation/airflow.cfg \
    AIRFLOW__CORE__DAGS_FOLDER=/app/dags \
    AIRFLOW__LOGGING__BASE_LOG_FOLDER=/warehouse/airflow/logs
USER 50000:50000
CMD ["python", "-m", "operations", "status"]
