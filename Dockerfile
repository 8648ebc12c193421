# The server in a container: the Debian package, built in one stage, installed in the other.
#   docker build -t mentat-sync .
#   docker run -p 127.0.0.1:5013:5013 -v mentat-sync:/data mentat-sync
# See docs/operations/installing.md.
FROM debian:bookworm-slim AS build
WORKDIR /src
COPY dev ./
RUN ./dev setup
COPY . .
RUN ./dev package

FROM debian:bookworm-slim
COPY --from=build /src/build/package/mentat-sync_*.deb /tmp/package/
RUN apt-get update \
  && apt-get install -y --no-install-recommends /tmp/package/mentat-sync_*.deb \
  && rm -rf /var/lib/apt/lists/* /tmp/package \
  && useradd --system --uid 5013 --home-dir /data --no-create-home mentat-sync \
  && install -d -o mentat-sync -g mentat-sync -m 0700 /data
# In the container every address is its own: who may reach it is the container's ports to say.
ENV MENTAT_SYNC_LISTEN=0.0.0.0:5013 MENTAT_SYNC_DATA=/data
USER mentat-sync
VOLUME /data
EXPOSE 5013
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s CMD ["mentat-sync", "health", "--timeout", "4s"]
ENTRYPOINT ["mentat-sync"]
CMD ["serve"]
