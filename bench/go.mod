module godwit/bench

go 1.26
