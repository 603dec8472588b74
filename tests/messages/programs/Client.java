// Meets an error and dies of it: java Client.java CASE.
import java.io.*;
import java.net.*;
import java.net.http.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.time.Duration;

public class Client {
    static final String HOST = "127.0.0.1";

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "refused" -> new Socket(HOST, 12345);
            case "refused_udp" -> udp(12345);
            case "refused_nio" -> SocketChannel.open(new InetSocketAddress(HOST, 12345));
            case "refused_http" -> new URL("http://127.0.0.1:12345/").openStream();
            case "refused_client" -> get("http://127.0.0.1:12345/");
            case "connect_timeout" -> new Socket().connect(new InetSocketAddress(HOST, 12354), 300);
            case "read_timeout" -> { Socket s = new Socket(HOST, 12346); s.setSoTimeout(300); s.getInputStream().read(); }
            case "accept_timeout" -> { ServerSocket s = new ServerSocket(0); s.setSoTimeout(300); s.accept(); }
            case "udp_timeout" -> udp(12346);
            case "in_use" -> new ServerSocket(12353, 5, InetAddress.getByName(HOST));
            case "not_available" -> new ServerSocket(12345, 5, InetAddress.getByName("203.0.113.9"));
            case "reset" -> { Socket s = new Socket(HOST, 12347); s.getOutputStream().write("Ipin\n".getBytes()); s.getInputStream().read(); }
            case "unreachable_network" -> new Socket("203.0.113.9", 12345);
            case "unreachable_host" -> new Socket("192.0.2.9", 12345);
            case "closed" -> { Socket s = new Socket(HOST, 12346); s.close(); s.getOutputStream(); }
            case "not_connected" -> SocketChannel.open().write(ByteBuffer.allocate(1));
            case "too_long" -> new DatagramSocket().send(new DatagramPacket(new byte[65508], 65508, InetAddress.getByName(HOST), 12345));
            case "no_name" -> new Socket("nosuch.test", 12345);
            case "name_fails" -> new Socket("fail.test", 12345);
            case "no_reply" -> new URL("http://127.0.0.1:12348/").openStream();
            case "no_reply_client" -> get("http://127.0.0.1:12348/");
            case "short_body_client" -> get("http://127.0.0.1:12349/");
            case "not_http_client" -> get("http://127.0.0.1:12350/");
            case "status" -> new URL("http://127.0.0.1:12351/").openStream();
            case "tls" -> new URL("https://localhost:12352/").openStream();
            case "wrapped" -> { try { new Socket(HOST, 12345); } catch (IOException e) { throw new RuntimeException("cannot start", e); } }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static void udp(int port) throws Exception {
        DatagramSocket s = new DatagramSocket();
        s.connect(new InetSocketAddress(HOST, port));
        s.setSoTimeout(300);
        s.send(new DatagramPacket(new byte[4], 4));
        s.receive(new DatagramPacket(new byte[1024], 1024));
    }

    static void get(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(2)).build();
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
