<?php // Meets an error: php client.php CASE.
$case = $argv[1];
if ($case == "refused") fsockopen("127.0.0.1", 12345, $number, $text, 1);
if ($case == "refused_socket") { $s = socket_create(AF_INET, SOCK_STREAM, 0); socket_connect($s, "127.0.0.1", 12345); }
if ($case == "refused_http") file_get_contents("http://127.0.0.1:12345/");
if ($case == "connect_timeout") fsockopen("127.0.0.1", 12354, $number, $text, 0.3);
if ($case == "in_use") stream_socket_server("tcp://127.0.0.1:12353");
if ($case == "unreachable_network") fsockopen("203.0.113.9", 12345, $number, $text, 1);
if ($case == "no_name") fsockopen("nosuch.test", 12345, $number, $text, 1);
if ($case == "status") file_get_contents("http://127.0.0.1:12351/");
if ($case == "tls") file_get_contents("https://localhost:12352/");
