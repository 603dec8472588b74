# Meets an error and dies of it: perl client.pl CASE.
use IO::Socket::INET;
my %cases = (
    refused => sub { IO::Socket::INET->new(PeerAddr => "127.0.0.1:12345") or die "cannot connect to 127.0.0.1:12345: $!\n" },
    refused_die => sub { IO::Socket::INET->new(PeerAddr => "127.0.0.1:12345") or die "$@" },
    in_use => sub { IO::Socket::INET->new(LocalAddr => "127.0.0.1:12353", Listen => 5) or die "bind: $!" },
    unreachable_network => sub { IO::Socket::INET->new(PeerAddr => "203.0.113.9:12345") or die "connect: $!" },
);
$cases{$ARGV[0]}->();
