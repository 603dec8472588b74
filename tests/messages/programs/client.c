/* Meets an error and tells it as perror(3) does: client CASE. */
#include <arpa/inet.h>
#include <errno.h>
#include <locale.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fd;

static struct sockaddr_in address(const char *host, int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, host, &to.sin_addr);
    return to;
}

static void tcp(const char *host, int port) {
    struct sockaddr_in to = address(host, port);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to)) {
        perror("connect");
        exit(1);
    }
}

int main(int argc, char **argv) {
    char buffer[1024];
    const char *name = argc > 1 ? argv[1] : "";
    setlocale(LC_ALL, "");
    if (!strcmp(name, "refused")) {
        tcp("127.0.0.1", 12345);
    } else if (!strcmp(name, "unreachable_network")) {
        tcp("203.0.113.9", 12345);
    } else if (!strcmp(name, "in_use") || !strcmp(name, "not_available") || !strcmp(name, "privileged")) {
        struct sockaddr_in own = address(!strcmp(name, "not_available") ? "203.0.113.9" : "127.0.0.1", !strcmp(name, "privileged") ? 80 : 12353);
        fd = socket(AF_INET, SOCK_STREAM, 0);
        if (bind(fd, (struct sockaddr *)&own, sizeof own)) perror("ERROR on binding: bind");
    } else if (!strcmp(name, "reset")) {
        tcp("127.0.0.1", 12347);
        send(fd, "Ipin\n", 5, 0);
        if (recv(fd, buffer, sizeof buffer, 0) < 0) perror("recv");
    } else if (!strcmp(name, "not_connected")) {
        fd = socket(AF_INET, SOCK_STREAM, 0);
        if (recv(fd, buffer, sizeof buffer, 0) < 0) fprintf(stderr, "recv failed: %s (errno %d)\n", strerror(errno), errno);
    } else if (!strcmp(name, "not_a_socket")) {
        if (send(1, "Ipin", 4, 0) < 0) perror("send");
    } else if (!strcmp(name, "no_name") || !strcmp(name, "name_fails")) {
        struct addrinfo *found;
        int code = getaddrinfo(!strcmp(name, "no_name") ? "nosuch.test" : "fail.test", "12345", NULL, &found);
        if (code) fprintf(stderr, "getaddrinfo: %s\n", gai_strerror(code));
    }
    return 0;
}
