print "hello"
exec "1" in {}
