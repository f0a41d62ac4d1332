# One image for API, worker, simulators and the migration job; compose says which it is.
FROM python:3.12-slim AS build
WORKDIR /build
RUN python -m venv /app/venv
COPY requirements/run.txt requirements/run.txt
RUN /app/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY . .
RUN /app/venv/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin kauri \
 && install -d -o kauri -g kauri /var/lib/kauri
COPY --from=build /app/venv /app/venv
ENV PATH=/app/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /var/lib/kauri
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=6 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
# Shutdown outlasts the longest provider call: give the container 90 s to stop.
STOPSIGNAL SIGTERM
CMD ["uvicorn", "api.asgi:app", "--host", "0.0.0.0", "--port", "8080", "--loop", "uvloop", "--no-access-log", "--no-proxy-headers", "--log-level", "warning"]
