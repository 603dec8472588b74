# Meets an error and dies of it: ruby client.rb CASE.
require "socket"
require "net/http"
case ARGV[0]
when "refused" then TCPSocket.new("127.0.0.1", 12345)
when "refused_http" then Net::HTTP.get(URI("http://127.0.0.1:12345/"))
when "in_use" then TCPServer.new("127.0.0.1", 12353)
when "reset" then s = TCPSocket.new("127.0.0.1", 12347); s.puts "Ipin"; s.gets
when "unreachable_network" then TCPSocket.new("203.0.113.9", 12345)
when "not_available" then TCPServer.new("203.0.113.9", 12345)
when "no_name" then TCPSocket.new("nosuch.test", 12345)
when "read_timeout" then Net::HTTP.start("127.0.0.1", 12346, read_timeout: 0.3, max_retries: 0) { |http| http.get("/") }
when "no_reply" then Net::HTTP.start("127.0.0.1", 12348, max_retries: 0) { |http| http.get("/") }
when "broken_pipe" then s = TCPSocket.new("127.0.0.1", 12347); 3.times { s.puts "Ipin"; (s.gets rescue nil) }
end
