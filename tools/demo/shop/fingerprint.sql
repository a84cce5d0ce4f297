-- One line for each table: its name, rows and the digest over all rows in their order.
SELECT 'customers', count(*), md5(string_agg(customers::text, E'\n' ORDER BY id)) FROM customers
UNION ALL
SELECT 'orders', count(*), md5(string_agg(orders::text, E'\n' ORDER BY id)) FROM orders;
