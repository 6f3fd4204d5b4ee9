using ClusterMesh.Mesh.Grpc;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>The endpoints of one etcd cluster: keeps to the one that works and goes to the next when it fails.</summary>
internal sealed class EtcdEndpoints : IDisposable
{
    /// <summary>How often the certificates are looked at while only watches are open.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly EtcdConfig _config;
    private readonly TimeProvider _time;
    private readonly EtcdCredentials _credentials;
    private readonly EtcdLink?[] _links;
    private readonly ITimer _timer;
    private CancellationTokenSource _retire = new();
    private int _current;
    private bool _closed;

    public EtcdEndpoints(EtcdConfig config, TimeProvider time)
    {
        (_config, _time, _credentials, _links) = (config, time, new EtcdCredentials(config), new EtcdLink?[config.Endpoints.Length]);
        _timer = time.CreateTimer(_ => Look(), null, s_look, s_look);
    }

    public int Count => _links.Length;

    /// <summary>The name of the endpoint in use, or that was tried last; empty before the first call.</summary>
    public string InUse { get; private set; } = "";

    public static string NameOf(Uri endpoint) => endpoint.GetLeftPart(UriPartial.Authority);

    /// <summary>Connections that are made over it use the certificates as they are in their files now.</summary>
    public EtcdLink Current()
    {
        lock (_lock)
        {
            if (_closed)
                throw new EtcdException(EtcdError.Unavailable, "etcd: the client is closed");
            if (_credentials.Refresh())
                Retire();
            var link = _links[_current] ??= Connect(_current);
            InUse = link.Name;
            return link;
        }
    }

    /// <summary>The next call goes elsewhere, unless another one has said so already.</summary>
    public void Failed(EtcdLink link, GrpcException failure)
    {
        lock (_lock)
        {
            if (_links[link.Index] != link)
                return;
            if (link.Index == _current)
                _current = (_current + 1) % _links.Length;
            if (failure.Status != GrpcStatus.DeadlineExceeded)
                return;
            // Its packets may go nowhere: the next call shall not wait until the ping has noticed.
            link.Channel.Dispose();
            _links[link.Index] = null;
        }
    }

    public EtcdException ErrorOf(GrpcException failure, string name, string call)
    {
        var error = EtcdErrors.Of(failure, name, call);
        lock (_lock)
        {
            return error.Error == EtcdError.Tls && _credentials.Trouble(_time.GetUtcNow()) is { } trouble
                ? new(EtcdError.Tls, $"{error.Message}; {trouble}", failure)
                : error;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
            _timer.Dispose();
            Retire();
            _retire.Dispose();
        }
    }

    private void Look()
    {
        lock (_lock)
        {
            try
            {
                if (!_closed && _credentials.Refresh())
                    Retire();
            }
            catch (EtcdException)
            {
                // The next call says so.
            }
        }
    }

    /// <summary>Running calls end on the old connections, which close after the last one; long ones are told to come again.</summary>
    private void Retire()
    {
        var retire = _retire;
        _retire = new CancellationTokenSource();
        for (var at = 0; at < _links.Length; at++)
        {
            _links[at]?.Channel.Dispose();
            _links[at] = null;
        }

        // What a watch does when it is told must not run under our lock.
        _ = retire.CancelAsync();
    }

    private EtcdLink Connect(int index)
    {
        var endpoint = _config.Endpoints[index];
        var channel = new GrpcChannel(endpoint, _time, new GrpcChannelConfig
        {
            Tls = _credentials.Options,
            Limits = new GrpcLimits(_config.MaxMessage, EtcdLimits.Request),
            ConnectTimeout = TimeSpan.FromSeconds(3),
        });
        return new EtcdLink(channel, index, NameOf(endpoint), _retire.Token);
    }
}
