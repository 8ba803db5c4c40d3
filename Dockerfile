# docker build --target node .        the node with libtorch for CPU
# docker build --target node-cuda .   the same with CUDA's libraries (several GB)

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY . .
RUN dotnet publish src/Cluster.Node -c Release -o /out -p:Torch=cpu

FROM build AS build-cuda
RUN rm -rf /out artifacts && dotnet publish src/Cluster.Node -c Release -o /out -p:Torch=cuda

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime
# The base image's unprivileged user owns the data folder.
RUN mkdir /var/lib/mlcluster && chown app:app /var/lib/mlcluster
USER app
WORKDIR /var/lib/mlcluster
# Node id and model cache. Anonymous unless a service names a volume: each replica has its own.
VOLUME ["/var/lib/mlcluster"]
# Listen on the container's network; announced is the container's own host name.
ENV MLCLUSTER_DATA=/var/lib/mlcluster
ENV MLCLUSTER_HTTP=http://0.0.0.0:9200
ENV MLCLUSTER_BIND=0.0.0.0
ENV MLCLUSTER_PORT=4053
# The base image's own choice of a port; unused here.
ENV ASPNETCORE_HTTP_PORTS=
EXPOSE 9200 4053
ENTRYPOINT ["dotnet", "/app/Cluster.Node.dll"]

FROM runtime AS node
COPY --from=build /out /app

FROM runtime AS node-cuda
# Tell NVIDIA's container toolkit what to bring in beside the driver.
ENV NVIDIA_VISIBLE_DEVICES=all
ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=build-cuda /out /app
